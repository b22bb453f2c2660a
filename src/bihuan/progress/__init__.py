"""Progress told to the customer: first news within three hours of acceptance, then a message on each listed milestone.

A follower reads settled events in the order of the global sequence (`actions.run`, in the jobs process), so that no verb
waits for it. Event kinds: progress_told news_wished. The first news is a term (`sla.deadlines`, kind `progress`).
"""
