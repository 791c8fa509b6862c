"""What is known of the rules before their modules are loaded.

Made by `python scripts/rule_index.py` from those modules, which a test compares. A rule that is missing here
is found all the same, and loaded at once.
"""

from __future__ import annotations

from gaebot.finding import Severity
from gaebot.rule import PAGES, YAML, Rule, python_with

# fmt: off
RULES = (
    Rule("gaebot.rules.common.suppression.ignore_unknown", Severity.WARNING),
    Rule("gaebot.rules.common.suppression.ignore_unused", Severity.WARNING),
    Rule("gaebot.rules.python27.deploy.appengine_config", Severity.WARNING, only_in=python_with("webapp_django_setup", "webapp_django_version")),  # noqa: E501
    Rule("gaebot.rules.python27.deploy.auto_import_fixer", Severity.NOTE),
    Rule("gaebot.rules.python27.deploy.backends_options", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.backends_start_cgi", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.cron_url_unhandled", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.deploy_tests", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.dispatch_unhandled", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.mapreduce_yaml", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.perf_cached_main", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.perf_instance_class", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.perf_max_concurrent", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.perf_warmup", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.deploy.queue_url_unhandled", Severity.WARNING, only_in=python_with("deferred", "taskqueue")),  # noqa: E501
    Rule("gaebot.rules.python27.deploy.test_suite_imports", Severity.NOTE, only_in=python_with("_Response__status", "getvalue", "main", "status")),  # noqa: E501
    Rule("gaebot.rules.python27.files.cwd_abspath", Severity.ERROR, only_in=python_with("abspath", "access", "exists", "getmtime", "getsize", "isdir", "isfile", "lexists", "lstat", "realpath", "stat")),  # noqa: E501
    Rule("gaebot.rules.python27.files.cwd_getcwd", Severity.WARNING, only_in=python_with("getcwd", "getcwdu")),  # noqa: E501
    Rule("gaebot.rules.python27.files.cwd_listdir", Severity.ERROR, only_in=python_with("glob", "iglob", "listdir", "walk")),  # noqa: E501
    Rule("gaebot.rules.python27.files.cwd_relative_open", Severity.ERROR, only_in=python_with("BZ2File", "GzipFile", "ZipFile", "execfile", "file", "fileConfig", "getlines", "install", "load_source", "open", "parse", "read", "translation")),  # noqa: E501
    Rule("gaebot.rules.python27.files.cwd_review", Severity.NOTE, only_in=python_with("file", "listdir", "load", "open", "render", "walk")),  # noqa: E501
    Rule("gaebot.rules.python27.files.cwd_syspath_relative", Severity.ERROR, only_in=python_with("addsitedir", "sys", "vendor")),  # noqa: E501
    Rule("gaebot.rules.python27.files.cwd_template_path", Severity.ERROR, only_in=python_with("FileSystemLoader", "Loader", "TEMPLATE_DIRS", "TEMPLATE_PATH", "Template", "TemplateLoader", "TemplateLookup", "frender", "load", "render")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_app_id_prefix", Severity.WARNING, only_in=python_with("APPLICATION_ID")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_conditional_25", Severity.NOTE, only_in=python_with("hexversion", "version", "version_info")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_deprecated_modules", Severity.NOTE, only_in=python_with("MimeWriter", "commands", "compiler", "htmllib", "mimetools", "mimify", "multifile", "new", "popen2", "posixfile", "rfc822", "sgmllib", "xmllib")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_dev_server_check", Severity.WARNING, only_in=python_with("Development")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_elementtree", Severity.WARNING, only_in=python_with("ElementTree", "cElementTree", "expat")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_except_two_names", Severity.WARNING, only_in=python_with("except")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_exception_message", Severity.NOTE, only_in=python_with("message")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_import_by_path", Severity.ERROR, only_in=python_with("__import__")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_keyword_with_as", Severity.ERROR),
    Rule("gaebot.rules.python27.language.py_math_errors", Severity.WARNING, only_in=python_with("OverflowError")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_md5_sha", Severity.NOTE, only_in=python_with("md5", "sha")),
    Rule("gaebot.rules.python27.language.py_nonascii_source", Severity.ERROR),
    Rule("gaebot.rules.python27.language.py_object_init_args", Severity.ERROR, only_in=python_with("super")),
    Rule("gaebot.rules.python27.language.py_os_environ_type", Severity.ERROR, only_in=python_with("environ", "putenv")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_range_float", Severity.ERROR, only_in=python_with("range", "xrange")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_sandbox_os", Severity.ERROR, only_in=python_with("chdir", "chroot", "fchdir", "link", "mkfifo", "nice", "popen2", "popen3", "popen4", "removedirs", "renames", "rmdir", "setsid", "signal", "spawnl", "spawnlp", "spawnv", "spawnvp", "symlink", "tempnam", "tmpfile", "tmpnam", "utime")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_sets", Severity.NOTE, only_in=python_with("sets")),
    Rule("gaebot.rules.python27.language.py_shadow_new_stdlib", Severity.WARNING),
    Rule("gaebot.rules.python27.language.py_socket_error_order", Severity.WARNING, only_in=python_with("EnvironmentError", "IOError")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_string_exception", Severity.ERROR),
    Rule("gaebot.rules.python27.language.py_struct_range", Severity.ERROR, only_in=python_with("adler32", "crc32")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_threads_real", Severity.WARNING, only_in=python_with("Thread", "Timer", "start_new", "start_new_thread")),  # noqa: E501
    Rule("gaebot.rules.python27.language.py_xmlrpclib_transport", Severity.ERROR, only_in=python_with("make_connection")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_django_hacks", Severity.ERROR, only_in=python_with("_target", "connect", "disconnect", "modules", "v0_96")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_django_handlers", Severity.ERROR),
    Rule("gaebot.rules.python27.libraries.lib_django_helper", Severity.ERROR, vendored=True),
    Rule("gaebot.rules.python27.libraries.lib_django_settings_env", Severity.WARNING, only_in=python_with("DJANGO_SETTINGS_MODULE")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_django_version", Severity.WARNING, only_in=python_with("django", "maxlength")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_django_webapp_tags", Severity.WARNING, only_in=python_with("register_template_library")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_djangoforms", Severity.ERROR, only_in=python_with("djangoforms")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_environ_at_import", Severity.WARNING, only_in=python_with("environ", "putenv")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_implicit_on_25", Severity.ERROR, only_in=python_with("antlr3", "fancy_urllib", "graphy", "ipaddr", "whoosh")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_json_api_diff", Severity.WARNING, only_in=python_with("simplejson")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_local_install", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.libraries.lib_native_modules", Severity.ERROR, only_in=python_with("Tkinter", "_sqlite3", "bsddb", "cElementTree", "cjson", "curses", "gdbm", "gevent", "multiprocessing", "pandas", "pycurl", "scipy", "sqlite3", "yajl", "zmq")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_pil", Severity.WARNING, only_in=python_with("ArgImagePlugin", "BdfFontFile", "BmpImagePlugin", "BufrStubImagePlugin", "ContainerIO", "CurImagePlugin", "DcxImagePlugin", "EpsImagePlugin", "ExifTags", "FitsStubImagePlugin", "FliImagePlugin", "FontFile", "FpxImagePlugin", "GbrImagePlugin", "GdImageFile", "GifImagePlugin", "GimpGradientFile", "GimpPaletteFile", "GribStubImagePlugin", "Hdf5StubImagePlugin", "IcnsImagePlugin", "IcoImagePlugin", "ImImagePlugin", "Image", "ImageChops", "ImageCms", "ImageColor", "ImageDraw", "ImageDraw2", "ImageEnhance", "ImageFile", "ImageFileIO", "ImageFilter", "ImageFont", "ImageGL", "ImageGrab", "ImageMath", "ImageMode", "ImageOps", "ImagePalette", "ImagePath", "ImageQt", "ImageSequence", "ImageShow", "ImageStat", "ImageTransform", "ImageWin", "ImtImagePlugin", "IptcImagePlugin", "JpegImagePlugin", "McIdasImagePlugin", "MicImagePlugin", "MpegImagePlugin", "MspImagePlugin", "OleFileIO", "PSDraw", "PaletteFile", "PalmImagePlugin", "PcdImagePlugin", "PcfFontFile", "PcxImagePlugin", "PdfImagePlugin", "PixarImagePlugin", "PngImagePlugin", "PpmImagePlugin", "PsdImagePlugin", "SgiImagePlugin", "SpiderImagePlugin", "SunImagePlugin", "TarIO", "TgaImagePlugin", "TiffImagePlugin", "TiffTags", "WalImageFile", "WbmpImagePlugin", "WmfImagePlugin", "XVThumbImagePlugin", "XbmImagePlugin", "XpmImagePlugin")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_pycrypto_randpool", Severity.WARNING, only_in=python_with("randpool")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_removed_sdk_modules", Severity.ERROR, only_in=python_with("apiproxy", "channel", "conversion", "datastore_admin", "files", "labs", "mapreduce", "matcher", "preload", "prospective_search", "servers", "xmpp")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_simplejson", Severity.ERROR, only_in=python_with("simplejson")),
    Rule("gaebot.rules.python27.libraries.lib_sys_path_hacks", Severity.NOTE, only_in=python_with("addsitedir", "sys")),  # noqa: E501
    Rule("gaebot.rules.python27.libraries.lib_use_library", Severity.ERROR, vendored=True),
    Rule("gaebot.rules.python27.libraries.lib_vendored_vs_builtin", Severity.NOTE, vendored=True),
    Rule("gaebot.rules.python27.libraries.lib_zipimport", Severity.WARNING, only_in=python_with("py_zipimport", "zipimport")),  # noqa: E501
    Rule("gaebot.rules.python27.templates.tmpl_autoescape", Severity.WARNING, only_in=PAGES),
    Rule("gaebot.rules.python27.templates.tmpl_encoding", Severity.ERROR, only_in=PAGES),
    Rule("gaebot.rules.python27.templates.tmpl_extends_parent", Severity.ERROR, only_in=PAGES),
    Rule("gaebot.rules.python27.templates.tmpl_filter_django_import", Severity.ERROR, only_in=python_with("Library", "template")),  # noqa: E501
    Rule("gaebot.rules.python27.templates.tmpl_load_missing", Severity.ERROR, only_in=PAGES),
    Rule("gaebot.rules.python27.templates.tmpl_mark_safe", Severity.WARNING, only_in=python_with("safestring")),  # noqa: E501
    Rule("gaebot.rules.python27.templates.tmpl_register_nodot", Severity.ERROR, only_in=python_with("register_template_library")),  # noqa: E501
    Rule("gaebot.rules.python27.templates.tmpl_render_returns_unicode", Severity.WARNING, only_in=python_with("render")),  # noqa: E501
    Rule("gaebot.rules.python27.templates.tmpl_settings_ignored", Severity.WARNING, only_in=PAGES),
    Rule("gaebot.rules.python27.templates.tmpl_swap_settings", Severity.ERROR, only_in=python_with("_swap_settings")),  # noqa: E501
    Rule("gaebot.rules.python27.templates.tmpl_url_tag", Severity.ERROR, only_in=PAGES),
    Rule("gaebot.rules.python27.templates.tmpl_webapp_template", Severity.NOTE, only_in=python_with("Template", "load", "render")),  # noqa: E501
    Rule("gaebot.rules.python27.threads.ts_check_then_set_class", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_check_then_set_global", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_class_attr_write", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_counter", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_decimal_context", Severity.WARNING, only_in=python_with("getcontext", "setcontext")),  # noqa: E501
    Rule("gaebot.rules.python27.threads.ts_django_settings", Severity.WARNING, only_in=python_with("settings")),  # noqa: E501
    Rule("gaebot.rules.python27.threads.ts_django_template_node_state", Severity.WARNING, only_in=python_with("render")),  # noqa: E501
    Rule("gaebot.rules.python27.threads.ts_global_assign", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_handler_mutable_class_attr", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_import_in_request", Severity.WARNING, only_in=python_with("strptime")),  # noqa: E501
    Rule("gaebot.rules.python27.threads.ts_lib_not_threadsafe", Severity.ERROR, vendored=True),
    Rule("gaebot.rules.python27.threads.ts_lock_across_rpc", Severity.NOTE),
    Rule("gaebot.rules.python27.threads.ts_lock_order", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_lock_per_call", Severity.WARNING, only_in=python_with("BoundedSemaphore", "Condition", "Lock", "RLock", "Semaphore", "allocate", "allocate_lock")),  # noqa: E501
    Rule("gaebot.rules.python27.threads.ts_lock_reacquired", Severity.ERROR),
    Rule("gaebot.rules.python27.threads.ts_lock_without_with", Severity.WARNING, only_in=python_with("acquire")),  # noqa: E501
    Rule("gaebot.rules.python27.threads.ts_memoize", Severity.NOTE),
    Rule("gaebot.rules.python27.threads.ts_multithread_check", Severity.NOTE, only_in=python_with("multithread")),  # noqa: E501
    Rule("gaebot.rules.python27.threads.ts_mutable_default", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_mutable_global", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_process_global_call", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_request_state_global", Severity.ERROR),
    Rule("gaebot.rules.python27.threads.ts_self_state_on_shared_instance", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_shared_client", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_shared_iterator", Severity.WARNING),
    Rule("gaebot.rules.python27.threads.ts_syspath_request", Severity.WARNING, only_in=python_with("sys")),
    Rule("gaebot.rules.python27.threads.ts_thread_at_import", Severity.WARNING, only_in=python_with("start", "start_new", "start_new_thread")),  # noqa: E501
    Rule("gaebot.rules.python27.threads.ts_threadlocal_import", Severity.ERROR),
    Rule("gaebot.rules.python27.threads.ts_threadsafe_true", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.webapp.webapp_app_class_hooks", Severity.WARNING, only_in=python_with("REQUEST_CLASS", "RESPONSE_CLASS")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_debug_true", Severity.NOTE, only_in=python_with("WSGIApplication")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_handle_exception", Severity.WARNING, only_in=python_with("handle_exception")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_handler_callable", Severity.ERROR, only_in=python_with("WSGIApplication")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_handler_init", Severity.ERROR, only_in=python_with("class")),
    Rule("gaebot.rules.python27.webapp.webapp_handler_return_value", Severity.ERROR),
    Rule("gaebot.rules.python27.webapp.webapp_header_injection", Severity.NOTE, only_in=python_with("headers", "redirect")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_header_missing_key", Severity.WARNING, only_in=python_with("headers")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_header_not_str", Severity.ERROR, only_in=python_with("headers")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_import", Severity.NOTE, only_in=python_with("webapp")),
    Rule("gaebot.rules.python27.webapp.webapp_initialize", Severity.ERROR, only_in=python_with("initialize")),
    Rule("gaebot.rules.python27.webapp.webapp_missing_names", Severity.ERROR, only_in=python_with("CannotReversePattern", "Error", "NoUrlFoundError", "RE_FIND_GROUPS", "StringIO", "get_url", "new_factory", "wsgiref")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_path_unquoted", Severity.WARNING, only_in=python_with("unquote", "unquote_plus")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_redirect_unicode", Severity.ERROR, only_in=python_with("redirect")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_redirecthandler", Severity.ERROR, only_in=python_with("new_factory")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_reserved_handler_names", Severity.WARNING, only_in=python_with("app", "dispatch")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_response_out_filelike", Severity.ERROR, only_in=python_with("out")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_response_status_int", Severity.WARNING, only_in=python_with("status")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_routes_not_tuples", Severity.ERROR, only_in=python_with("WSGIApplication")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_star_import", Severity.WARNING, only_in=python_with("webapp")),
    Rule("gaebot.rules.python27.webapp.webapp_status_range", Severity.ERROR, only_in=python_with("error", "set_status")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_super_http_method", Severity.ERROR),
    Rule("gaebot.rules.python27.webapp.webapp_url_mapping_kwarg", Severity.ERROR, only_in=python_with("url_mapping")),  # noqa: E501
    Rule("gaebot.rules.python27.webapp.webapp_write_none", Severity.WARNING, only_in=python_with("write")),
    Rule("gaebot.rules.python27.webob.webob_best_matches", Severity.WARNING, only_in=python_with("best_matches", "first_match")),  # noqa: E501
    Rule("gaebot.rules.python27.webob.webob_body_file", Severity.ERROR, only_in=python_with("body_file")),
    Rule("gaebot.rules.python27.webob.webob_charset_upper", Severity.WARNING, only_in=python_with("charset")),
    Rule("gaebot.rules.python27.webob.webob_exc_exception", Severity.WARNING, only_in=python_with("exception")),  # noqa: E501
    Rule("gaebot.rules.python27.webob.webob_headers_has_key", Severity.ERROR, only_in=python_with("has_key")),
    Rule("gaebot.rules.python27.webob.webob_multidict_update", Severity.WARNING, only_in=python_with("MultiDict")),  # noqa: E501
    Rule("gaebot.rules.python27.webob.webob_none_headers", Severity.WARNING, only_in=python_with("pragma", "referer", "referrer", "user_agent")),  # noqa: E501
    Rule("gaebot.rules.python27.webob.webob_put_body", Severity.NOTE, only_in=python_with("put")),
    Rule("gaebot.rules.python27.webob.webob_queryvars", Severity.ERROR, only_in=python_with("postvars", "queryvars", "str_postvars", "str_queryvars")),  # noqa: E501
    Rule("gaebot.rules.python27.webob.webob_removed_modules", Severity.ERROR, only_in=python_with("webob")),
    Rule("gaebot.rules.python27.webob.webob_request_ctor", Severity.ERROR, only_in=python_with("charset", "environ_getter")),  # noqa: E501
    Rule("gaebot.rules.python27.webob.webob_str_vars", Severity.ERROR, only_in=python_with("charset", "ranges", "satisfiable", "str_GET", "str_POST", "str_cookies", "str_params", "weak_match")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_app_not_global", Severity.WARNING, only_in=python_with("cgirun", "gaerun", "run", "run_app", "run_bare_wsgi_app", "run_wsgi_app")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_cgihandler_page", Severity.WARNING, only_in=python_with("BaseCGIHandler", "CGIHandler", "IISCGIHandler")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_framework_adapter", Severity.WARNING),
    Rule("gaebot.rules.python27.wsgi.wsgi_import_beside", Severity.ERROR),
    Rule("gaebot.rules.python27.wsgi.wsgi_main_dispatch", Severity.WARNING, only_in=python_with("cgirun", "gaerun", "run", "run_app", "run_bare_wsgi_app", "run_wsgi_app")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_main_guard", Severity.NOTE, only_in=python_with("cgirun", "gaerun", "run", "run_app", "run_bare_wsgi_app", "run_wsgi_app")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_main_module_identity", Severity.WARNING, only_in=python_with("__main__", "defer")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_main_side_effects", Severity.WARNING, only_in=python_with("cgirun", "gaerun", "run", "run_app", "run_bare_wsgi_app", "run_wsgi_app")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_middleware_now_everywhere", Severity.WARNING),
    Rule("gaebot.rules.python27.wsgi.wsgi_middleware_twice", Severity.WARNING),
    Rule("gaebot.rules.python27.wsgi.wsgi_module_level_request_state", Severity.ERROR, only_in=python_with("FieldStorage", "choice", "clock", "create_login_url", "create_logout_url", "ctime", "environ", "get_current_session", "get_current_user", "get_multi", "get_namespace", "getenv", "gmtime", "is_current_user_admin", "localtime", "memcache", "now", "parse", "randint", "random", "randrange", "sample", "time", "today", "utcnow", "uuid1", "uuid4")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_path_translated", Severity.WARNING, only_in=python_with("PATH_TRANSLATED", "argv")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_print_output", Severity.WARNING, only_in=python_with("cgi", "cgitb", "pprint", "print", "stdout")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_profile_main", Severity.WARNING, only_in=python_with("Profile", "run", "runcall", "runctx")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_raw_response_types", Severity.ERROR),
    Rule("gaebot.rules.python27.wsgi.wsgi_stdin_input", Severity.WARNING, only_in=python_with("FieldStorage", "parse", "stdin")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_sys_exit", Severity.ERROR, only_in=python_with("SystemExit", "_exit", "exit", "quit")),  # noqa: E501
    Rule("gaebot.rules.python27.wsgi.wsgi_unguarded_run", Severity.WARNING, only_in=python_with("cgirun", "gaerun", "run", "run_app", "run_bare_wsgi_app", "run_wsgi_app")),  # noqa: E501
    Rule("gaebot.rules.python27.yaml.yaml_admin_console", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_api_config_cgi", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_api_version", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_builtin_unavailable", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_builtin_unknown", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_duplicate_key", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_handler_keys", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_inbound_services", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_include_keys", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_invalid", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_libraries_missing", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_library_combo_webapp2_webob", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_library_deprecated", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_library_duplicate", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_library_latest", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_library_name", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_library_no_version", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_library_on_python25", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_library_version", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_library_version_unquoted", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_mixed_cgi_wsgi", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_runtime", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_runtime_unknown", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_backref", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_bare", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_cgi", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_file_missing", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_init_module", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_leading_slash", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_python_lib", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_shadowed", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_subdir_no_init", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_script_target_missing", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_skip_files", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_static_not_readable", Severity.WARNING, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_threadsafe_cgi", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_threadsafe_false", Severity.NOTE, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_threadsafe_missing", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_threadsafe_not_boolean", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_too_many_handlers", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_unknown_key", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_url_pattern", Severity.ERROR, only_in=YAML),
    Rule("gaebot.rules.python27.yaml.yaml_webapp2_default_version", Severity.NOTE, only_in=YAML),
)
