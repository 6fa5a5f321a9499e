// The last line, in the form that is counted: `N passed, N failed`.
import type { FullResult, Reporter, Suite, FullConfig } from "@playwright/test/reporter";

export default class CountReporter implements Reporter {
  private suite?: Suite;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.suite = suite;
  }

  onEnd(result: FullResult): void {
    const outcomes = this.suite?.allTests().map((test) => test.outcome()) ?? [];
    const passed = outcomes.filter((outcome) => outcome === "expected").length;
    const notRun = outcomes.filter((outcome) => outcome === "skipped").length;
    let failed = outcomes.length - passed - notRun;
    // A set-up that fails, or a run that is broken off, is a failure even where no test was.
    if (result.status !== "passed" && failed === 0) failed = 1;
    console.log(`${passed} passed, ${failed} failed`);
  }
}
