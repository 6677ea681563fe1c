// A part of the desk that is a chunk of its own: one that cannot be loaded is missing by itself, does not take the page along, and
// is asked for again when it is next wanted.
import { Component, type ComponentType, createElement, lazy, type ReactNode, Suspense } from 'react';
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
  children: ReactNode;
  /** For what is opened by a key or a button: it counts as closed, and may be opened again. Others get a button in their place. */
  onFailure?: () => void;
}

export class LazyPart extends Component<LazyPartProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    for (const renew of renewals) renew();
    renewals.clear();
    toast('This part of the desk could not be loaded. Try again when the hub is back.', { kind: 'failed' });
    this.props.onFailure?.();
  }

  override render(): ReactNode {
    if (!this.state.failed) return <Suspense>{this.props.children}</Suspense>;
    if (this.props.onFailure) return null;
    return (
      <p className="missing">
        <button type="button" className="button outlined" onClick={() => this.setState({ failed: false })}>
          Load this part again
        </button>
      </p>
    );
  }
}
