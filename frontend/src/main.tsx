import "./style/ground.css";
import "./style/frame.css";
import "./style/parts.css";
import "./style/smears.css";
import "./style/grid.css";
import "./style/field.css";
import "./style/people.css";
import "./style/label.css";
import "./style/pad.css";
import "./style/agreement.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
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
