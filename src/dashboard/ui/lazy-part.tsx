// A part of the desk that is a chunk of its own: one that cannot be loaded is missing by itself, and does not take the page along.
import { Component, type ReactNode, Suspense } from 'react';
import { toast } from './toasts';

export class LazyPart extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    toast('This part of the desk could not be loaded. Reload the page when the hub is back.', { kind: 'failed' });
  }

  override render(): ReactNode {
    return this.state.failed ? null : <Suspense>{this.props.children}</Suspense>;
  }
}
