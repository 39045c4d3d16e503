import { render } from "preact";
import { start } from "./core/workspace";
import { App } from "./views/shell/App";
import { applyTheme } from "./views/shell/theme";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/chat.css";
import "./styles/result.css";
import "./styles/schema.css";

applyTheme();
start();
render(<App />, document.getElementById("app")!);
