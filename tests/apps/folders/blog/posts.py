POSTS = (
  ('We are open', 'Come in and have a look at our pencils.'),
  ('New rulers', 'They are now thirty centimetres long.'),
)
