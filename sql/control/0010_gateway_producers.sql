-- Producers of gateways that publish watermarks (docs/explanation/delivery.md, section 9). A gateway registers each
-- producer before its first session. `ended_at` is set when its final watermark is stored. A retired producer does not
-- hold `completeThrough` back, unless a watermark later than `retired_through` arrives from it.
CREATE TABLE gateway_producers (
  producer TEXT PRIMARY KEY,
  gateway TEXT NOT NULL,
  registered_at BIGINT NOT NULL,
  ended_at BIGINT,
  retired_at BIGINT,
  retired_through BIGINT
);
