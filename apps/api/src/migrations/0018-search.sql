-- Search over published tenders. What is searched is computed from the terms: indexes over functions, and no column of its
-- own that could say something else than the terms do.
CREATE FUNCTION tender_names(content jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(concat_ws(' ', content ->> 'title', content #>> '{buyer,name}', jsonb_path_query_array(content, '$.lots[*].title')::text))
$$;

CREATE FUNCTION tender_details(content jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT concat_ws(' ', content ->> 'description', jsonb_path_query_array(content, '$.lots[*].description')::text,
                   jsonb_path_query_array(content, '$.items[*].description')::text)
$$;

-- Indonesian and English at once (a notice may hold both), and the words as they stand, for names and numbers.
CREATE FUNCTION tender_words(content jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.indonesian', public.tender_names(content)), 'A')
      || setweight(to_tsvector('pg_catalog.english', public.tender_names(content)), 'A')
      || setweight(to_tsvector('pg_catalog.simple', public.tender_names(content)), 'A')
      || setweight(to_tsvector('pg_catalog.indonesian', public.tender_details(content)), 'C')
      || setweight(to_tsvector('pg_catalog.english', public.tender_details(content)), 'C')
$$;

CREATE FUNCTION search_words(asked text) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT websearch_to_tsquery('pg_catalog.indonesian', asked) || websearch_to_tsquery('pg_catalog.english', asked)
      || websearch_to_tsquery('pg_catalog.simple', asked)
$$;

CREATE INDEX tender_version_words ON tender_version USING gin (public.tender_words(content));

-- Typing errors: published tenders in whose names every word of the search nearly occurs. Where the extension cannot be had,
-- nothing is near.
DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
  CREATE INDEX tender_version_names ON tender_version USING gin (public.tender_names(content) gin_trgm_ops);
  CREATE FUNCTION similar_tenders(words text[]) RETURNS SETOF uuid LANGUAGE sql STABLE
    SET pg_trgm.word_similarity_threshold = 0.4 AS $f$
    SELECT t.id FROM tender t JOIN tender_version v ON v.tender_id = t.id AND v.version = t.version
    WHERE t.published_at IS NOT NULL AND public.tender_names(v.content) %> words[1]
      AND NOT EXISTS (SELECT FROM unnest(words) AS word WHERE NOT public.tender_names(v.content) %> word)
  $f$;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
  RAISE NOTICE 'pg_trgm is not available: searches do not forgive typing errors';
  CREATE FUNCTION similar_tenders(words text[]) RETURNS SETOF uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid WHERE false';
END $$;
