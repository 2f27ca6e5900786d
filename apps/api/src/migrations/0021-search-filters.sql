-- What a search filters by. Generated from the terms and the frozen rules: they cannot say something else than those do, the
-- rows there are get them too, and a filter reads no whole document.
ALTER TABLE tender_version
  ADD COLUMN category text GENERATED ALWAYS AS (content ->> 'category') STORED,
  ADD COLUMN region text GENERATED ALWAYS AS (content ->> 'region') STORED,
  ADD COLUMN estimate_currency text GENERATED ALWAYS AS (content #>> '{estimate,currency}') STORED,
  -- Drafts may hold anything; what is no decimal has no place among amounts.
  ADD COLUMN estimate_amount numeric GENERATED ALWAYS AS (
    CASE WHEN content #>> '{estimate,amount}' ~ '^\d{1,18}(\.\d{1,6})?$' THEN (content #>> '{estimate,amount}')::numeric END
  ) STORED;
CREATE INDEX tender_version_category ON tender_version (category);
CREATE INDEX tender_version_region ON tender_version (region, category);
CREATE INDEX tender_version_estimate ON tender_version (estimate_currency, estimate_amount);

ALTER TABLE tender ADD COLUMN rule_pack_id text GENERATED ALWAYS AS (rule_pack ->> 'id') STORED;
CREATE INDEX tender_rule_pack ON tender (rule_pack_id, state) WHERE published_at IS NOT NULL;

-- Auditors look for the acts of days; those of one person have an index already.
CREATE INDEX trail_at ON trail (at);
