// The bars at the foot of the page, one upon the other. What floats above them, or ends behind them, goes by how high they are together.
import { type ReactNode, useEffect, useRef } from 'react';

export function Foot({ children }: { children: ReactNode }) {
  const foot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      document.documentElement.style.setProperty('--foot', `${entry?.borderBoxSize[0]?.blockSize ?? 0}px`);
    });
    observer.observe(foot.current as HTMLElement);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={foot} className="foot">
      {children}
    </div>
  );
}
