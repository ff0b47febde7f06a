"""The pages, the feeds out and the JSON API: the record to look at. Reads as `news_reader`; FastAPI and Jinja2.

`app.create_app` makes the application. Nothing is imported here: every task of Airflow looks at its plugins when it
starts, and must not pay for the pages.
"""
