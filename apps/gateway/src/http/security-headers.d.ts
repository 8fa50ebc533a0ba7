import type { NextFunction, Request, Response } from 'express';
/** On every answer, errors and streams included. */
export declare function securityHeaders(_: Request, response: Response, next: NextFunction): void;
