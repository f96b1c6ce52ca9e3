/** A body that cannot be read; its message says why and goes on from "The body cannot be read: ". */
export class UnreadableBody extends Error {}
