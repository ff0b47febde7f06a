-- name: history_of_story
-- Figures that moved come first. What is only feared, or of another event, has no history worth a chart.
select h.article_id, h.publisher, h.key, h.kind, h.subject, h.low, h.high, h.unit, h.qualifier, h.attribution, h.since,
       h.until, h.status, h.change, h.reason, h.sentence, h.version, h.url
from news.fact_history h
where h.story_id = %(story_id)s and h.kind <> 'quote' and not h.hypothetical and not h.background and not h.increment
order by count(*) over (partition by h.article_id, h.key) desc, h.article_id, h.key, h.since, h.fact_id;

-- name: search
select story_id, article_id, publisher, headline, found, passage, since, url
from news.search(%(words)s, %(most)s);
