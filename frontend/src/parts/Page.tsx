/** The frame of a page: where it stands, its title, and the focus that goes there when it opens. */
import { type ReactNode, useEffect, useRef } from "react";

import { Link } from "../route/router";
import { useWords } from "../words/words";

export interface PageProps {
  title: string;
  children: ReactNode;
  /** The page takes just the height of the window and scrolls inside. */
  fill?: boolean;
  /** Pages above this one, the outermost first. */
  trail?: readonly (readonly [name: string, href: string])[];
  /** Buttons at the end of the title's line. */
  actions?: ReactNode;
}

let opened = 0;

export function Page({ title, children, fill = false, trail = [], actions }: PageProps) {
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · buffycoat`;
  }, [title]);
  useEffect(() => {
    // The first page leaves the focus where the browser put it; later ones tell a screen reader that they are new.
    opened += 1;
    if (opened > 1) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main id="content" className={fill ? "page fill" : "page"}>
      <div className="page-head">
        <div>
          {trail.length === 0 ? null : (
            <nav className="trail" aria-label={words.app.sections}>
              {trail.map(([name, href]) => (
                <Link key={href} href={href} className="link">
                  {name}
                </Link>
              ))}
            </nav>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
        </div>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </div>
      {children}
    </main>
  );
}
