import { render } from "preact";
import { App } from "./app";
import { Rows } from "./data";
import { findSource } from "./source";

const host = document.getElementById("app")!;
const source = findSource();
render(<p style={{ padding: "20px" }}>Reading the embeddings…</p>, host);
source
  .load()
  .then((data) => {
    document.title = `${data.name} · cmvae explore`;
    render(<App source={source} rows={new Rows(data)} />, host);
  })
  .catch((e: unknown) => {
    render(
      <p class="fault" role="alert" style={{ padding: "20px" }}>
        {e instanceof Error ? e.message : String(e)}
      </p>,
      host,
    );
  });
