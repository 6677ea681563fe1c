// Tells "MongoDB is away" from every other failure: the first is answered with `unavailable` and repeated, the rest are
// defects or refusals.
import mongoose from 'mongoose';
import { HubError } from '../errors.js';

const { mongo } = mongoose;

/** Server codes that pass by themselves: no primary, shutting down, stepping down, cut off, too slow, disk full. */
const PASSING_CODES = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  43, // CursorNotFound: died with the server or the connection that held it
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  79, // UnknownReplWriteConcern
  89, // NetworkTimeout
  91, // ShutdownInProgress
  94, // NotYetInitialized
  100, // UnsatisfiableWriteConcern
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  237, // CursorKilled
  262, // ExceededTimeLimit
  317, // ConnectionPoolExpired
  9001, // SocketException
  10058, // legacy not primary
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
]);

/**
 * What the operating system and Node say of a connection that has ended. A write that meets such an end gets these from
 * the driver as they are, in none of its own classes.
 */
const CONNECTION_CODES = new Set<unknown>([
  'EPIPE',
  'ECONNRESET',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** What driver and server call a failure that a repeat may mend; the last is an overloaded server's. */
const PASSING_LABELS = ['RetryableWriteError', 'RetryableError', 'SystemOverloadedError'];

/** Driver errors that mean "no usable connection". */
const CONNECTION_ERRORS = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoServerClosedError,
  mongo.MongoClientClosedError,
  mongo.MongoOperationTimeoutError,
  mongo.MongoStalePrimaryError,
  mongo.MongoExpiredSessionError,
  mongo.MongoWriteConcernError,
  mongoose.Error.MongooseServerSelectionError,
];

// Not exported by the driver as classes.
const CONNECTION_ERROR_NAMES = new Set(['MongoPoolClosedError', 'MongoPoolClearedError', 'MongoWaitQueueTimeoutError']);

/**
 * Whether an operation failed because MongoDB cannot serve it at the moment: network, server selection, no primary,
 * interrupted, write concern not met. The outcome of a *write* that failed so is unknown: it may have been applied, or
 * may be applied yet. A bulk error counts as such as soon as it carries a write-concern error, whatever duplicates it
 * lists besides.
 */
export function isMongoUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (CONNECTION_ERRORS.some((kind) => error instanceof kind)) return true;
  if (CONNECTION_ERROR_NAMES.has(error.name)) return true;
  if (CONNECTION_CODES.has((error as NodeJS.ErrnoException).code)) return true;
  if (error instanceof mongo.MongoBulkWriteError) {
    // A code is the server's. Without one the driver has wrapped what befell the connection, and dropped its class and,
    // of all but the first of several that break at once, its labels.
    if (error.code === undefined || error.result?.getWriteConcernError()) return true;
  }
  if (error instanceof mongo.MongoError) {
    return PASSING_CODES.has(Number(error.code)) || PASSING_LABELS.some((label) => error.hasErrorLabel(label));
  }
  return false;
}

/**
 * Runs work that needs MongoDB, for a caller who can be told to come back.
 *
 * @param ms the deadline in milliseconds; the work goes on behind it, its outcome is dropped
 * @returns what the work returns
 * @throws HubError `unavailable` with `retryAfterMs` 2000 when MongoDB is away or the deadline passes; anything else the
 *   work throws, as it is
 */
export async function whenAvailable<T>(work: () => Promise<T>, ms = 8000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable(new Error(`no answer from MongoDB within ${ms} ms`))), ms);
  });
  try {
    return await Promise.race([work(), deadline]);
  } catch (error) {
    throw isMongoUnavailable(error) ? unavailable(error) : error;
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(cause: unknown): HubError {
  return new HubError('unavailable', 'The database is not available at the moment; please try again.', {
    retryAfterMs: 2000,
    cause,
  });
}
