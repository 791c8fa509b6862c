"""What does the server tell us?"""
import os
import sys

def main():
  keys = os.environ.keys()
  keys.sort()
  sys.stdout.write('Content-Type: text/plain\n\n')
  for key in keys:
    print '%s=%s' % (key, os.environ[key])

if __name__ == '__main__':
  main()
