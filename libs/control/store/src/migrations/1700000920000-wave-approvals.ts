import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which wave of which rollout an approval is for, where it is not for a stage. */
export class WaveApprovals1700000920000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE approval ADD COLUMN rollout text, ADD COLUMN wave text');
  }

  /** What was agreed to for a wave lets nothing into a stage. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM approval WHERE wave IS NOT NULL');
    await runner.query('ALTER TABLE approval DROP COLUMN rollout, DROP COLUMN wave');
  }
}
