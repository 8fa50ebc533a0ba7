/** The version of this program. */
export const cliVersion = '0.1.0';
