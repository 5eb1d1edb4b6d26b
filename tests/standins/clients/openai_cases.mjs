// The stand-in for a language model, called by openai of npm.
import OpenAI from "openai";
import { URL_OF_SANDBOX, expect, refused, run, steer } from "./cases.mjs";

const api = new OpenAI({ apiKey: "sk-sandbox", baseURL: `${URL_OF_SANDBOX}/model/v1`, maxRetries: 0 });
const asked = [
  { role: "system", content: "Price: a haircut costs 6000 tenge." },
  { role: "user", content: "What is the price of a haircut?" },
];
const schema = {
  type: "object", properties: { mood: { type: "string" }, score: { type: "number" } },
  required: ["mood", "score"], additionalProperties: false,
};
const tool = { type: "function", function: { name: "find_slot", parameters: schema } };
const ask = (more) => api.chat.completions.create({ model: "sandbox", messages: asked, ...more });

await run({
  completion: async () => expect((await ask()).choices[0].message.content.includes("6000")),
  stream: async () => {
    let text = "";
    for await (const chunk of await ask({ stream: true })) text += chunk.choices[0]?.delta.content ?? "";
    expect(text.includes("6000"), text);
  },
  streamHelper: async () => {
    const stream = api.chat.completions.stream({ model: "sandbox", messages: asked });
    expect((await stream.finalContent()).includes("6000"));
  },
  maxTokens: async () => expect((await ask({ max_completion_tokens: 2 })).choices[0].finish_reason === "length"),
  jsonObject: async () => {
    const messages = [{ role: "user", content: "in json please" }];
    JSON.parse((await ask({ messages, response_format: { type: "json_object" } })).choices[0].message.content);
  },
  jsonSchema: async () => {
    const answer = await ask({ response_format: { type: "json_schema", json_schema: { name: "a", strict: true, schema } } });
    expect(Object.keys(JSON.parse(answer.choices[0].message.content)).join() === "mood,score");
  },
  toolRequired: async () => {
    const [call] = (await ask({ tools: [tool], tool_choice: "required" })).choices[0].message.tool_calls;
    expect("score" in JSON.parse(call.function.arguments));
  },
  runTools: async () => {
    const run = api.chat.completions.runTools({
      model: "sandbox", messages: asked, tool_choice: { type: "function", function: { name: "find_slot" } },
      tools: [{ type: "function", function: { ...tool.function, function: () => "free", parse: JSON.parse } }],
    });
    await run.done();
    expect(run.messages.some((message) => message.role === "tool"));
  },
  severalChoices: async () => expect((await ask({ n: 2 })).choices.length === 2),
  unknownModel: async () => expect((await refused(ask({ model: "gpt-nobody" }))).status === 404),
  temperature: async () => expect((await refused(ask({ temperature: 5 }))).status === 400),
  models: async () => expect((await api.models.retrieve((await api.models.list()).data[0].id)).object === "model"),
  responses: async () => {
    const answer = await api.responses.create({ model: "sandbox", instructions: "Price: 6000.", input: "the price?" });
    expect(answer.output_text.includes("6000"), answer.output);
  },
  responsesStreamed: async () => {
    let last = "";
    for await (const event of await api.responses.create({ model: "sandbox", input: "a", stream: true })) last = event.type;
    expect(last === "response.completed", last);
  },
  embeddings: async () => {
    const answer = await api.embeddings.create({ model: "sandbox", input: "a" }); // decoded from base64
    expect(answer.data[0].embedding.length > 1);
  },
  rateLimit: async () => {
    await steer("model/faults", { does: "limit", seconds: 1 });
    expect((await refused(ask())) instanceof OpenAI.RateLimitError);
  },
  dropped: async () => {
    await steer("model/faults", { does: "drop" });
    expect((await refused(ask())) instanceof OpenAI.APIConnectionError);
  },
  noKey: async () => {
    const other = new OpenAI({ apiKey: " ", baseURL: `${URL_OF_SANDBOX}/model/v1`, maxRetries: 0 });
    expect((await refused(other.models.list())).status === 401);
  },
});
