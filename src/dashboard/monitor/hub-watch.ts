// The hub's own word about its processes, live: the namespace `/monitor`. The transport is the one that the client of the hub brings along.
import { useCallback, useEffect, useRef, useState } from 'react';
import { io, type Socket } from 'socket.io-client';
import { hubAddress } from '../hub/address';
import { useSession } from '../session/session';

/** A process of the hub; rates are per second. */
export interface Process {
  id: string;
  host: string;
  pid: number;
  started_at: string;
  seen_at: string;
  connections: number;
  /** How many events it is behind the log. */
  lag: number;
  rates: Record<string, number>;
  /** Whether it is the one that tells. */
  self: boolean;
  draining: boolean;
}

export interface HubStats {
  connections: { process: number; total: number };
  processes: Process[];
}

export interface HubWatch {
  stats: HubStats | null;
  /** When they came, milliseconds since 1970. */
  at: number | null;
  /** Whether more are to come just now. */
  live: boolean;
  /** Closes all connections of somebody. @throws Error in words, when it cannot be done */
  drain: (sub: string) => Promise<void>;
}

const ANSWER_MS = 8_000;
/** After the hub has ended it, as at the end of a token, and after a refusal; a lost connection is the library's own affair. */
const ENDED_MS = 250;
const REFUSED_MS = 5_000;

interface Answer {
  ok: boolean;
  error?: { message?: string };
}

export function useHubWatch(): HubWatch {
  const { token } = useSession();
  const [told, setTold] = useState<Pick<HubWatch, 'stats' | 'at'>>({ stats: null, at: null });
  const [live, setLive] = useState(false);
  const current = useRef<Socket | null>(null);

  useEffect(() => {
    const { origin, pathname } = new URL(hubAddress('.'));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const socket = io(`${origin}/monitor`, {
      path: `${pathname}socket.io/`,
      auth: (give) => {
        token().then(
          (given) => give({ token: given ?? '' }),
          () => give({}),
        );
      },
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      forceNew: true,
      autoConnect: false,
      reconnectionDelayMax: 10_000,
    });
    current.current = socket;
    const again = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(look, ms);
    };
    // Nobody looks at a hidden page.
    const look = (): void => {
      if (document.visibilityState === 'visible') socket.connect();
      else socket.disconnect();
    };
    socket.on('stats', (stats: HubStats) => {
      setTold({ stats, at: Date.now() });
      setLive(true);
    });
    socket.on('connect_error', () => {
      // The library tries again by itself what has met no hub.
      if (!socket.active) again(REFUSED_MS);
    });
    socket.on('disconnect', (reason) => {
      setLive(false);
      if (reason === 'io server disconnect') again(ENDED_MS);
    });
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      document.removeEventListener('visibilitychange', look);
      clearTimeout(timer);
      socket.off();
      socket.disconnect();
      current.current = null;
    };
  }, [token]);

  const drain = useCallback(async (sub: string): Promise<void> => {
    const socket = current.current;
    if (!socket?.connected) throw new Error('There is no connection to the hub.');
    const answer = (await socket
      .timeout(ANSWER_MS)
      .emitWithAck('drain_user', { sub })
      .catch(() => {
        throw new Error('The hub did not answer in time.');
      })) as Answer;
    if (!answer.ok) throw new Error(answer.error?.message ?? 'The hub refuses it.');
  }, []);

  return { ...told, live, drain };
}
