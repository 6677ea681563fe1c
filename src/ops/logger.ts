// The hub's log. What leaves here never holds a token, a key, a cookie or the text of a mail: requests, answers and
// errors are written field by field from lists of what may appear, and every line is searched for tokens once more.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DestinationStream, type LogFn, type Logger, pino, stdTimeFunctions } from 'pino';
import { type HttpLogger, pinoHttp } from 'pino-http';
import pretty from 'pino-pretty';
import type { Config } from '../config.js';

export type { Logger };

const REDACTED = 'redacted';
/** Query parameters that the hub knows and that carry no credential; of all others only the name is written. */
const PLAIN_PARAMETERS = new Set(
  'limit cursor skip after since v filter EIO transport t status policy_type broker from_domain team assigned min_coverage max_coverage effective_from effective_to text'.split(
    ' ',
  ),
);
/** For objects that somebody logs whole: these keys lose their value, at the top and one level below. */
const SECRET_KEYS = ['headers', 'token', 'secret', 'apiKey', 'api_key', 'bearer', 'password', 'body', 'body_text'];
/** A busy hub writes so many bytes at once; a calm one waits no longer than this. */
const BUFFER_BYTES = 8_192;
const FLUSH_MS = 100;
const PROBES = new Set(['/health', '/healthz', '/readyz', '/metrics']);

/**
 * JSON lines on stdout; readable ones in development on a terminal.
 * @param destination where the lines go instead; always JSON
 */
export function createLogger(
  config: Pick<Config, 'LOG_LEVEL' | 'production'>,
  destination?: DestinationStream,
): Logger {
  const readable = !config.production && process.stdout.isTTY;
  return pino(
    {
      level: config.LOG_LEVEL,
      timestamp: stdTimeFunctions.isoTime,
      serializers: { req: describeRequest, res: describeResponse, err: describeError },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: REDACTED },
      hooks: { streamWrite: withoutTokens, logMethod: withSafeMessage },
    },
    destination ?? (readable ? pretty({ sync: true, ignore: 'pid,hostname' }) : bufferedOutput()),
  );
}

/** Lines are written together: a write of its own for each costs a mail more time than storing it. */
function bufferedOutput(): DestinationStream {
  const output = pino.destination({ sync: false, minLength: BUFFER_BYTES });
  process.on('exit', () => output.flushSync());
  // Armed by a line, so that a hub with nothing to say is not woken.
  let timer: NodeJS.Timeout | undefined;
  return {
    write(line) {
      output.write(line);
      timer ??= setTimeout(() => {
        timer = undefined;
        output.flush();
      }, FLUSH_MS).unref();
    },
  };
}

/**
 * Express middleware: gives each request an id and its own `req.log`, and writes one line when it was answered.
 * The id is an incoming `x-request-id` of 1–128 of `A-Za-z0-9._-`, else a uuid; the answer carries it too. Probes are
 * written at `trace`, answers from 500 at `error`, all others at `info`.
 */
export function httpLogger(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    serializers: { req: describeRequest, res: describeResponse, err: describeError },
    // With the wrapping on, the serializers would get pino's copy, headers and all, instead of the request.
    wrapSerializers: false,
    // Else each line would hold the request twice: as a binding too.
    quietReqLogger: true,
    quietResLogger: true,
    genReqId(req, res) {
      const id = requestId(req.headers['x-request-id']);
      res.setHeader('x-request-id', id);
      return id;
    },
    customLogLevel(req, res, error) {
      // A probe that is told "not ready" has found out what it asked; whatever is wrong is logged where it goes wrong.
      if (PROBES.has(pathOf(req))) return 'trace';
      return error || res.statusCode >= 500 ? 'error' : 'info';
    },
    // The handler of errors has logged the error itself; here it is only the answer that counts.
    customErrorObject: (req, _res, _error, values: Record<string, unknown>) => ({ req, ...values, err: undefined }),
    customSuccessObject: (req, _res, values: Record<string, unknown>) => ({ req, ...values }),
    customErrorMessage: () => 'request failed',
    customSuccessMessage: (_req, res) => (res.writableFinished ? 'request answered' : 'request aborted'),
  });
}

/**
 * The URL with the values of all parameters replaced that the hub does not know: callers put tokens and keys under any
 * name. For everything that writes a URL to a log.
 */
export function safeUrl(url: string): string {
  const start = url.indexOf('?');
  if (start < 0) return url;
  const query = new URLSearchParams(url.slice(start + 1));
  const secret = [...new Set(query.keys())].filter((name) => !PLAIN_PARAMETERS.has(name));
  if (secret.length === 0) return url;
  for (const name of secret) query.set(name, REDACTED);
  return `${url.slice(0, start)}?${query.toString()}`;
}

function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,128}$/.test(given) ? given : randomUUID();
}

/** The URL as it came, also inside a mounted router of Express. */
const urlOf = (req: IncomingMessage & { originalUrl?: string }): string => req.originalUrl ?? req.url ?? '';
const pathOf = (req: IncomingMessage): string => urlOf(req).split('?', 1)[0] ?? '';

function describeRequest(req: IncomingMessage & { ip?: string }): object {
  return {
    id: req.id,
    method: req.method,
    url: safeUrl(urlOf(req)),
    address: req.ip ?? req.socket?.remoteAddress,
    agent: req.headers?.['user-agent'],
    type: req.headers?.['content-type'],
    bytes: req.headers?.['content-length'],
  };
}

function describeResponse(res: ServerResponse): object {
  return { status: res.headersSent ? res.statusCode : null };
}

/**
 * What may be said of an error. The driver's errors carry the documents they failed on, body parsers the body, token
 * libraries the payload: so of all properties only name, code, message, stack and causes are taken.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : { name: typeof error };
  const { code } = error as { code?: unknown };
  const cause = error.cause instanceof Error && depth < 5 ? describeError(error.cause, depth + 1) : undefined;
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: safeMessage(error),
    stack: framesOf(error),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Without a text of its own, an entry with an error would get the error's message as it is. */
function withSafeMessage(this: Logger, args: Parameters<LogFn>, log: LogFn): void {
  const [first, ...rest] = args as unknown[];
  const error = first instanceof Error ? first : (first as { err?: unknown } | null | undefined)?.err;
  const safe = error instanceof Error && rest.length === 0 ? [first, safeMessage(error)] : args;
  log.apply(this, safe as Parameters<LogFn>);
}

/** Duplicate keys end with the key's value, and a parser quotes what it could not read. */
function safeMessage({ name, message }: Error): string {
  const text = message.replace(/ dup key: [^]*$/, '');
  return name === 'SyntaxError' ? text.replace(/"[^]*"/, '…') : text;
}

/** A stack begins with the message, so only its frames are taken. */
function framesOf({ stack }: Error): string | undefined {
  return stack
    ?.split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n');
}

/** The last net, for texts that the fields above cannot know: any JWT, and any `token=` in a URL. */
function withoutTokens(line: string): string {
  if (!/eyJ|token=/i.test(line)) return line;
  return line.replaceAll(/[\w.-]{30,}/g, withoutJwt).replaceAll(/([?&#]token=)[^&\s"'\\]+/gi, `$1${REDACTED}`);
}

function withoutJwt(text: string): string {
  const start = text.indexOf('eyJ');
  return start >= 0 && text.includes('.', start) ? text.slice(0, start) + REDACTED : text;
}
