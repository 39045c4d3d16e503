/** Two small schemas for the pretend server. */
const col = (name, type, nullable = false, rest = {}) => ({ name, type, nullable, ...rest });

const shop = [
  { name: "customers", namespace: "public", primary_key: ["id"], foreign_keys: [], row_estimate: 18432, description: "Who buys from us. One row per account, not per person.", columns: [col("id", "bigint"), col("name", "text"), col("country", "char(2)", true, { description: "ISO 3166 code", values: ["DE", "ES", "FR", "GB", "IE", "IT", "JP", "NL", "NO", "SE", "US", "PT", "PL", "DK"] }), col("email", "text", true), col("tier", "text", false, { values: ["standard", "silver", "gold"] }), col("created_at", "timestamptz")] },
  { name: "orders", namespace: "public", primary_key: ["id"], foreign_keys: [{ columns: ["customer_id"], ref_table: "customers", ref_columns: ["id"] }], row_estimate: 1284210, description: "One row per order.", columns: [col("id", "bigint"), col("customer_id", "bigint"), col("status", "text", false, { values: ["open", "paid", "shipped", "cancelled"] }), col("total_amount", "numeric(14,2)", false, { description: "With tax, before refunds" }), col("discount", "double precision", true), col("ordered_at", "timestamptz")] },
  { name: "order_items", namespace: "public", primary_key: ["order_id", "line"], foreign_keys: [{ columns: ["order_id"], ref_table: "orders", ref_columns: ["id"] }, { columns: ["product_id"], ref_table: "products", ref_columns: ["id"] }], row_estimate: 3910442, columns: [col("order_id", "bigint"), col("line", "integer"), col("product_id", "bigint"), col("quantity", "integer"), col("unit_price", "numeric(12,2)")] },
  { name: "products", namespace: "public", primary_key: ["id"], foreign_keys: [], row_estimate: 812, columns: [col("id", "bigint"), col("sku", "text"), col("name", "text"), col("category", "text", true, { values: ["kitchen", "garden", "office"] })] },
  { name: "payments", namespace: "public", primary_key: ["id"], foreign_keys: [{ columns: ["order_id"], ref_table: "orders", ref_columns: ["id"] }], row_estimate: 1240118, columns: [col("id", "bigint"), col("order_id", "bigint"), col("amount", "numeric(14,2)"), col("paid_at", "timestamptz", true)] },
  { name: "revenue_by_month", namespace: "reporting", is_view: true, primary_key: [], foreign_keys: [], columns: [col("month", "date"), col("revenue", "numeric(14,2)")] },
];

const market = [{ name: "trade", primary_key: [], foreign_keys: [], row_estimate: 98_000_000, columns: [col("date", "date"), col("time", "timespan"), col("sym", "symbol", false, { values: ["AAPL", "GOOG", "MSFT"] }), col("price", "float"), col("size", "long")] }];

const questions = ["Top 10 customers by revenue", "Revenue trend by month", "Which customers bring the most revenue?", "How many customers do we have?"];

export const datasets = [
  { dataset_id: "6f8ae29c-1f5d-4e7f-8f4f-0b6fba0f1a01", name: "Shop", dialect: "postgres", description: "Orders, customers and payments of the web shop since 2019.", table_count: shop.length, column_count: shop.reduce((n, t) => n + t.columns.length, 0), questions },
  { dataset_id: "6f8ae29c-1f5d-4e7f-8f4f-0b6fba0f1a02", name: "Market data", dialect: "q", description: "Trades of one venue.", table_count: 1, column_count: 5, questions: ["VWAP for AAPL today"] },
];

export const schemas = Object.fromEntries(
  datasets.map((d, i) => [d.dataset_id, { dataset_id: d.dataset_id, name: d.name, dialect: d.dialect, version: i + 3, schema: { tables: i === 0 ? shop : market } }]),
);
