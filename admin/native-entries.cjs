/** Stands in for the library that does what every browser can by itself (`vite.config.ts`). */
module.exports = Object.entries;
