import type { MigrationInterface, QueryRunner } from 'typeorm';
export class FirstTables1700000000000 implements MigrationInterface { async up(_: QueryRunner) {} async down() {} }
