/** Says in one line when Node is too old for everything that follows. Plain JavaScript, so that an old Node can say it. */
const NEEDED = 24;

if (Number(process.versions.node.split(".")[0]) < NEEDED) {
  console.error(
    `Waypost runs on Node ${NEEDED} or newer; this is ${process.version}. On Linux \`npm ci\` brings it along: run that first. Elsewhere install it.`,
  );
  process.exit(1);
}
