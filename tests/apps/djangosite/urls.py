from django.conf.urls.defaults import *

handler404 = 'pages.views.not_found'
handler500 = 'pages.views.server_error'

urlpatterns = patterns('pages.views',
    (r'^$', 'home'),
    (r'^events/$', 'events'),
    (r'^events/add/$', 'add_event'),
    url(r'^page/(?P<name>[\w-]+)/$', 'page', name='page'),
)
