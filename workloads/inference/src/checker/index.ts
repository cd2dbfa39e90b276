export { probeIsolation } from '../engine/isolation.ts'
export { type Build, buildsOf } from './builds.ts'
export { ALL_CONDITIONS, type CalibrateOptions, type Condition, calibrate, DEFAULT_LOOKING } from './calibrate.ts'
export {
  type CalibratedEngine,
  type CalibratedOther,
  type Calibration,
  calibrationSchema,
  caughtWithin,
  chooseThresholds,
  type Distribution,
  detectionOf,
  distributionOf,
  engineOf,
  isAbove,
  isSeparable,
  readCalibration,
  writeCalibration,
} from './calibration.ts'
export { type CheckerOptions, createChecker } from './check.ts'
export { chooseDepth, type Looking } from './choose.ts'
export { distanceAt, type PositionDistance } from './distance.ts'
export { judgeDistances } from './judge.ts'
export { type Kept, keepInFile, type Measured } from './kept.ts'
export { calibrationPrompts } from './prompts.ts'
export { createReference, type Reference, type ReferenceOptions } from './reference.ts'
export { STATISTICS, type Statistic, type Statistics, statisticsOf, WINDOW } from './statistics.ts'
