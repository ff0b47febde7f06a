-- Airflow's own tables live beside the record, not in it. Run once, when the volume `postgres` is first made.
create database airflow;
