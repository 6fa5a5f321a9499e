// Names that no other test, and no earlier run against the same Milvus, has used.
/** The sample Milvus, as every test may use it that does not start jobs of a cluster. */
export const MAIN_CLUSTER = "archive";
/** A role and a member that no test changes. */
export const ROLE = "Keepers 保管係";
export const MEMBER = "hanako";
/** Stands in the name of every collection that a test restores, so that they can be dropped afterwards. */
export const SUFFIX_MARK = "_e2e";

let last = 0;

/** Letters and digits, another one each time, also beside another worker. */
export function unique(): string {
  last = Math.max(last + 1, Date.now());
  return last.toString(36) + (process.env.TEST_PARALLEL_INDEX ?? "0");
}

/** A suffix for restored collections. */
export function suffix(): string {
  return `${SUFFIX_MARK}${unique()}`;
}
