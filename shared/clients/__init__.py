"""Services outside: HTTP, SQS, YClients, the language model. Each call is made once and bounded."""
