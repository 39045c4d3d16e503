mod llm_openai;
mod support;
