// GraphiQL on this server: queries and mutations as JSON, subscriptions as server-sent events.
"use strict";

const ENDPOINT = "/graphql";
const HEADERS = '{\n  "Authorization": "Bearer paste the output of: waymark token"\n}';

function isSubscription(request, options) {
  const operations = (options.documentAST ? options.documentAST.definitions : []).filter(
    (each) => each.kind === "OperationDefinition",
  );
  const chosen = request.operationName
    ? operations.find((each) => each.name && each.name.value === request.operationName)
    : operations[0];
  return chosen !== undefined && chosen.operation === "subscription";
}

function sent(request, options, accept) {
  const headers = { ...options.headers };
  if (/paste the output/.test(headers.Authorization || "")) delete headers.Authorization;
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: accept, "X-Query-Cost": "1", ...headers },
    body: JSON.stringify(request),
  };
}

async function* streamed(request, options) {
  const aborting = new AbortController();
  try {
    const wanted = { ...sent(request, options, "text/event-stream"), signal: aborting.signal };
    const answer = await fetch(ENDPOINT, wanted);
    if (!(answer.headers.get("Content-Type") || "").startsWith("text/event-stream")) {
      yield await answer.json();
      return;
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (text + value).split("\n\n");
      text = events.pop();
      for (const event of events) {
        if (event.startsWith("event: complete")) return;
        if (event.startsWith("event: next\ndata: ")) yield JSON.parse(event.slice(18));
      }
    }
  } finally {
    aborting.abort();
  }
}

async function asked(request, options) {
  const answer = await fetch(
    ENDPOINT,
    sent(request, options, "application/graphql-response+json, application/json"),
  );
  return answer.json();
}

function fetcher(request, options = {}) {
  return isSubscription(request, options) ? streamed(request, options) : asked(request, options);
}

async function start() {
  const examples = await (await fetch("/graphql/static/examples.json")).json();
  const tabs = examples.map(({ query, variables }) => ({
    query,
    headers: HEADERS,
    variables: variables ? JSON.stringify(variables, null, 2) : null,
  }));
  const page = React.createElement(GraphiQL, {
    fetcher,
    defaultHeaders: HEADERS,
    defaultTabs: tabs,
    defaultEditorToolsVisibility: "headers",
    shouldPersistHeaders: false,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
}

start();
