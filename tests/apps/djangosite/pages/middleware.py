class VillageMiddleware(object):
    """Tells caches that the pages live for five minutes."""

    def process_response(self, request, response):
        if request.method == 'GET' and not response.has_header('Cache-Control'):
            response['Cache-Control'] = 'public, max-age=300'
        return response
