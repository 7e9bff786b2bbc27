package dev.corral.internal.linux;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What openat2(2) does with RESOLVE_IN_ROOT, for kernels and filters without it: component after component, each opened
 * without following links, which are read and put in front of what is left. ".." is never asked of the kernel: the parents
 * are held open.
 */
final class PathWalk {
    /** As many as the kernel follows. */
    private static final int MOST_LINKS = 40;

    private PathWalk() {}

    static Directory find(Directory root, String path) {
        Deque<Directory> way = new ArrayDeque<>();
        try {
            way.push(root.again());
            Deque<String> rest = new ArrayDeque<>(components(path));
            int links = 0;
            while (!rest.isEmpty()) {
                String name = rest.pop();
                if (name.equals("..")) {
                    up(way);
                    continue;
                }
                try {
                    way.push(way.element().enter(name));
                } catch (ErrnoException failed) {
                    String text = link(way.element(), name, failed);
                    links++;
                    if (links > MOST_LINKS) {
                        throw new ErrnoException("open", path, Errno.ELOOP);
                    }
                    if (text.startsWith("/")) {
                        while (way.size() > 1) {
                            way.pop().close();
                        }
                    }
                    List<String> more = components(text);
                    for (int i = more.size() - 1; i >= 0; i--) {
                        rest.push(more.get(i));
                    }
                }
            }
            return way.pop();
        } finally {
            way.forEach(Directory::close);
        }
    }

    /** The root is its own parent. */
    private static void up(Deque<Directory> way) {
        if (way.size() > 1) {
            way.pop().close();
        }
    }

    /** What a link says where a directory could not be entered; the refusal itself if it is no link. */
    private static String link(Directory parent, String name, ErrnoException refusal) {
        if (refusal.errno() != Errno.ENOTDIR && refusal.errno() != Errno.ELOOP) {
            throw refusal;
        }
        try {
            return parent.readlink(name);
        } catch (ErrnoException noLink) {
            refusal.addSuppressed(noLink);
            throw refusal;
        }
    }

    private static List<String> components(String path) {
        return Arrays.stream(path.split("/"))
                .filter(name -> !name.isEmpty() && !name.equals("."))
                .toList();
    }
}
