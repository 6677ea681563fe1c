// All named faults, in the order of the table.
import type { Scenario } from '../scenario.js';
import * as clients from './clients.js';
import { killedAtAnyMoment, killedBetweenSteps } from './hub-killed.js';
import * as talking from './hub-killed-talking.js';
import * as stopped from './hub-stopped.js';
import * as log from './log.js';
import { mixed } from './mixed.js';
import * as mongo from './mongo.js';
import * as redis from './redis.js';
import * as set from './replica-set.js';

export const SCENARIOS: readonly Scenario[] = [
  killedAtAnyMoment,
  killedBetweenSteps,
  talking.killedBeforePublish,
  talking.killedInFanOut,
  talking.killedInReplay,
  stopped.hubStopped,
  stopped.hubStutters,
  stopped.clockSkewed,
  redis.redisKilled,
  redis.redisHung,
  redis.redisFlushed,
  redis.redisPartitioned,
  redis.redisGoneAtStart,
  mongo.mongodKilled,
  mongo.mongodStopped,
  mongo.mongoPartitioned,
  mongo.repliesLost,
  mongo.writesFail,
  set.primaryStepsDown,
  set.primaryKilled,
  set.writesRolledBack,
  clients.clientsCut,
  clients.clientsHalfOpen,
  clients.clientsDelayed,
  clients.clientsThrottled,
  log.retentionOvertakes,
  log.retentionOvertakesHub,
  log.backupRestored,
  mixed,
];
