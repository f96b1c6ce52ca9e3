/** The address of the page on which a postback is tried. */
export const TEST_PATH = "/postbackLogs/test";

/** The same with a postback URL to begin with. */
export function testPath(url: string): string {
  return `${TEST_PATH}?url=${encodeURIComponent(url)}`;
}
