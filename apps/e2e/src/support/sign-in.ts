import type { Page } from 'playwright-core';

/** Types a token as a person would. */
export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('API token').fill(token);
  await page.keyboard.press('Enter');
}
