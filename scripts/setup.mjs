/**
 * @file `npm run setup`, and the first half of `npm start` and `npm test`: makes a fresh clone ready.
 * Uses nothing but Node itself. This file is written so that an old Node can read it and say, in one
 * sentence, that it is too old; everything else is behind the import.
 */

const NEEDED = [20, 19];
const found = process.versions.node.split(".").map(Number);

if (found[0] > NEEDED[0] || (found[0] === NEEDED[0] && found[1] >= NEEDED[1])) {
  void import("./setup/main.mjs").then(function (setup) {
    return setup.main(process.argv.slice(2));
  });
} else {
  console.error(
    "Espalier needs Node " +
      NEEDED.join(".") +
      " or newer, and this is Node " +
      process.versions.node +
      ": install a current one from https://nodejs.org and run the same command again.",
  );
  process.exitCode = 1;
}
