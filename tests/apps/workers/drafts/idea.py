# not uploaded, see skip_files
def main():
    print 'some day'

if __name__ == '__main__':
    main()
