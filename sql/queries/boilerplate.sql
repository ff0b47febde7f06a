-- name: boilerplate_of_articles
select a.article_id, b.revision, b.lines, b.kept
from news.articles a join news.boilerplate b using (publisher)
where a.article_id = any(%(article_ids)s);

-- name: publishers_to_learn
select a.publisher, coalesce(b.revision, 0) as revision, coalesce(b.lines, '{}') as lines, coalesce(b.kept, '{}') as kept
from news.articles a left join news.boilerplate b using (publisher)
where a.versions > 0 and a.first_seen_at > %(since)s
group by a.publisher, b.revision, b.lines, b.kept
having count(*) >= %(articles)s
order by a.publisher;

-- name: newest_texts_of_publisher
select v.text
from news.articles a
cross join lateral (
  select text from news.versions where article_id = a.article_id order by number desc limit 1
) v
where a.publisher = %(publisher)s and a.versions > 0 and a.first_seen_at > %(since)s
order by a.article_id desc
limit %(most)s;

-- name: changed_sentences_of_publisher
select distinct sentence
from news.articles a
join news.updates u using (article_id)
cross join lateral (values (u.old_text), (u.new_text)) as side(sentence)
where a.publisher = %(publisher)s and a.versions > 1 and a.first_seen_at > %(since)s and u.kind <> 'moved'
  and sentence is not null;

-- name: save_boilerplate
-- Not over what a person changed meanwhile: a revision names one set of lines, for good.
insert into news.boilerplate (publisher, revision, lines, learned_at)
values (%(publisher)s, %(revision)s, %(lines)s, %(now)s)
on conflict (publisher) do update
  set revision = excluded.revision, lines = excluded.lines, learned_at = excluded.learned_at
  where boilerplate.revision = excluded.revision - 1
returning revision;
