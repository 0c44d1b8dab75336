// Properties of fast-check in every layer: looking for the smallest counterexample ends,
// even where numbers can be made smaller almost without end, and the failure is told.
const fc = require('fast-check');

fc.configureGlobal({ interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true });
