import "./style/ground.css";
import "./style/frame.css";
import "./style/parts.css";
import "./style/smears.css";
import "./style/grid.css";
import "./style/gallery-rail.css";
import "./style/gallery.css";
import "./style/field.css";
import "./style/people.css";
import "./style/account.css";
import "./style/audit.css";
import "./style/label.css";
import "./style/pad.css";
import "./style/locate.css";
import "./style/masks.css";
import "./style/mask-tools.css";
import "./style/agreement.css";
import "./style/teach.css";
import "./style/learners.css";
import "./style/differential.css";
import "./style/offline.css";
import "./style/adjudicate.css";
import "./style/capture.css";
import "./style/capture-live.css";
import "./style/slides.css";
import "./style/curate.css";
import "./style/repeats.css";
import "./style/repeat-groups.css";
import "./style/metadata.css";
import "./style/progress.css";
import "./style/releases.css";
import "./style/filters.css";
import "./style/jobs.css";
import "./style/errata.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import { install } from "./offline/install";
import { SessionHolder } from "./rooms/people/session";
import { Speech } from "./words/words";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root");
createRoot(root).render(
  <StrictMode>
    <Speech>
      <SessionHolder>
        <App />
      </SessionHolder>
    </Speech>
  </StrictMode>,
);
install();
