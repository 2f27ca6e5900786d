-- Search over published tenders. What is searched is computed from the terms: indexes over functions, no column of its own
-- that could say something else than the terms do.
CREATE FUNCTION tender_names(content jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(concat_ws(' ', content ->> 'title', content #>> '{buyer,name}', jsonb_path_query_array(content, '$.lots[*].title')::text))
$$;

-- Indonesian and English at once (a notice may hold both), and the words as they stand, for names and numbers.
CREATE FUNCTION tender_words(content jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH part (weight, words) AS (VALUES
    ('A'::"char", content ->> 'title'),
    ('B'::"char", concat_ws(' ', content #>> '{buyer,name}', jsonb_path_query_array(content, '$.lots[*].title')::text)),
    ('C'::"char", concat_ws(' ', content ->> 'description', jsonb_path_query_array(content, '$.lots[*].description')::text,
                            jsonb_path_query_array(content, '$.items[*].description')::text)))
  SELECT (array_agg(whole))[1] FROM (
    SELECT string_agg(v::text, ' ')::tsvector AS whole FROM part,
      LATERAL (SELECT setweight(to_tsvector('pg_catalog.indonesian', coalesce(words, '')), weight)
                   || setweight(to_tsvector('pg_catalog.english', coalesce(words, '')), weight)
                   || setweight(to_tsvector('pg_catalog.simple', coalesce(words, '')), weight) AS v) AS one) AS joined
$$;
