"""The films of this week, read from a file when the first visitor asks for them."""

import os

FILE = os.path.join(os.path.dirname(__file__), 'programme.txt')

_programme = None


def programme():
  global _programme
  if _programme is None:
    _programme = read()
  return _programme


def find(number):
  for film in programme():
    if film['number'] == number:
      return film


def read():
  films = []
  for line in open(FILE):
    try:
      number, title, about = line.strip().split('|')
      films.append({'number': int(number), 'title': title, 'about': about})
    except ValueError, IndexError:
      pass  # an empty line, or a remark
  return films
