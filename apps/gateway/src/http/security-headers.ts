import type { NextFunction, Request, Response } from 'express';

const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  // The component library sets styles on elements; scripts stay ours alone.
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** What every answer tells a browser, whatever else it says. */
export const browserHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
};

/** On every answer, errors and streams included. */
export function securityHeaders(_: Request, response: Response, next: NextFunction): void {
  for (const [name, value] of Object.entries(browserHeaders)) response.setHeader(name, value);
  // Answers may hold a join token. What may be kept, the page and its assets, says so itself.
  response.setHeader('Cache-Control', 'no-store');
  next();
}
