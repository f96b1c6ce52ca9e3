/** Faults are tried on a real disk: a commit takes its time there, and much comes in meanwhile. */
process.env.TMPDIR = process.env.WAYPOST_TEST_DISK;
