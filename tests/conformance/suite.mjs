// Prints the conformance tests of the CEL specification as one JSON list, in the order of the package. Each has
// the path of the suites that it is in, its name, its expression and what is expected, as the package writes it.
import { tests } from "@bufbuild/cel-spec/testdata/conformance.js";

function* flatten(suite, path) {
  for (const { original } of suite.tests ?? []) {
    yield { path, ...original };
  }
  for (const inner of suite.suites ?? []) {
    yield* flatten(inner, [...path, inner.name]);
  }
}

process.stdout.write(JSON.stringify([...flatten(tests, [])]));
