// A part of the desk that is a chunk of its own: one that cannot be loaded is missing by itself, does not take the page along, and
// is asked for again when it is next wanted.
import { useConnection } from '@workitem-hub/client/react';
import { Component, type ComponentType, createElement, lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { toast } from './toasts';

/** What makes parts that failed loadable again; done when the failure has been shown, since until then React asks for it again. */
const renewals = new Set<() => void>();

/** As `lazy` of React, which keeps a failure for ever. Shown within a {@link LazyPart}. */
export function lazyPart<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
  const attempt = () =>
    lazy(() =>
      load().catch((error: unknown) => {
        renewals.add(() => {
          part = attempt();
        });
        throw error;
      }),
    ) as ComponentType<P>;
  let part = attempt();
  return (props: P) => createElement(part, props);
}

interface LazyPartProps {
  /** As a sentence begins with it: `The monitor`. */
  what: string;
  children: ReactNode;
  /** For what is opened by a key or a button: it counts as closed, and may be opened again. Others come when they can be had. */
  onFailure?: () => void;
  /** For what may cover the page: the way back from its place while it is missing. */
  onLeave?: () => void;
  /** There is no room for words in its place. */
  silent?: boolean;
}

export class LazyPart extends Component<LazyPartProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    for (const renew of renewals) renew();
    renewals.clear();
    const { what, onFailure } = this.props;
    if (!onFailure) return;
    toast(`${what} could not be loaded. Try again when the hub is back.`, { kind: 'failed' });
    onFailure();
  }

  override render(): ReactNode {
    const { what, children, onFailure, onLeave, silent = false } = this.props;
    if (!this.state.failed) return <Suspense>{children}</Suspense>;
    if (onFailure) return null;
    return <Missing what={what} silent={silent} onLeave={onLeave} onRetry={() => this.setState({ failed: false })} />;
  }
}

/** In the place of a part: what is missing and why. When the connection is back it is asked for again. */
function Missing({
  what,
  silent,
  onLeave,
  onRetry,
}: {
  what: string;
  silent: boolean;
  onLeave: (() => void) | undefined;
  onRetry: () => void;
}) {
  const live = useConnection().name === 'connected';
  // The part may be asked for before the page knows that the hub is away.
  const wasAway = useRef(!live);
  useEffect(() => {
    if (!live) wasAway.current = true;
    else if (wasAway.current) onRetry();
  }, [live, onRetry]);
  if (silent) return null;
  return (
    <div className="missing" role="status">
      <p>
        {what} could not be loaded: {live ? 'the hub did not give it.' : 'the hub is not reachable.'}
      </p>
      <button type="button" className="button outlined" onClick={onRetry}>
        Load it again
      </button>
      {onLeave && (
        <button type="button" className="button" onClick={onLeave}>
          Close
        </button>
      )}
    </div>
  );
}
