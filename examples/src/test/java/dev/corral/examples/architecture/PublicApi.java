package dev.corral.examples.architecture;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What users of a module can name: a line for each type in the packages that it exports to all, and for each of its members. */
final class PublicApi {
    private final ModuleReference module;

    /** @param artifact the module's jar or directory of classes */
    PublicApi(Path artifact) {
        this.module = ModuleFinder.of(artifact).findAll().iterator().next();
    }

    String module() {
        return module.descriptor().name();
    }

    List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Class<?> type : types()) {
            lines.add(header(type));
            members(type).forEach(member -> lines.add("    " + member));
        }
        return lines;
    }

    private List<Class<?>> types() throws IOException {
        Set<String> exported = module.descriptor().exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
        try (ModuleReader reader = module.open();
                Stream<String> files = reader.list()) {
            return files.filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> exported.contains(name.substring(0, name.lastIndexOf('.'))))
                    .<Class<?>>map(PublicApi::load)
                    .filter(PublicApi::visible)
                    .sorted(Comparator.comparing(Class::getName))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException absent) {
            throw new IllegalStateException(absent);
        }
    }

    private static boolean visible(Class<?> type) {
        return !type.isAnonymousClass()
                && !type.isLocalClass()
                && visible(type.getModifiers())
                && (type.getDeclaringClass() == null || visible(type.getDeclaringClass()));
    }

    private static boolean visible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String header(Class<?> type) {
        StringBuilder text = new StringBuilder(kind(type)).append(' ').append(type.getName());
        if (type.getTypeParameters().length > 0) {
            text.append(Arrays.stream(type.getTypeParameters())
                    .map(PublicApi::parameter)
                    .collect(Collectors.joining(",", "<", ">")));
        }
        Type above = type.getGenericSuperclass();
        if (above != null && !Set.of(Object.class, Record.class).contains(type.getSuperclass()) && !type.isEnum()) {
            text.append(" extends ").append(above.getTypeName());
        }
        List<String> interfaces = Arrays.stream(type.getGenericInterfaces())
                .map(Type::getTypeName)
                .toList();
        if (!interfaces.isEmpty()) {
            text.append(type.isInterface() ? " extends " : " implements ").append(String.join(", ", interfaces));
        }
        return text.toString();
    }

    /** Said here, since JDKs differ in what they say of sealed types. */
    private static String kind(Class<?> type) {
        int told = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC;
        if (!type.isInterface() && !type.isEnum()) {
            told |= Modifier.ABSTRACT | Modifier.FINAL;
        }
        String kind = type.isAnnotation()
                ? "@interface"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        return Modifier.toString(type.getModifiers() & told)
                + (type.isSealed() && !type.isEnum() ? " sealed " : " ")
                + kind;
    }

    private static String parameter(TypeVariable<?> parameter) {
        List<String> bounds = Arrays.stream(parameter.getBounds())
                .filter(bound -> bound != Object.class)
                .map(Type::getTypeName)
                .toList();
        return parameter.getName() + (bounds.isEmpty() ? "" : " extends " + String.join(" & ", bounds));
    }

    private static Set<String> members(Class<?> type) {
        Set<String> members = new TreeSet<>();
        for (Field field : type.getDeclaredFields()) {
            if (counts(field)) {
                members.add(
                        field.toGenericString().replace(type.getTypeName() + "." + field.getName(), field.getName()));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (counts(constructor)) {
                members.add(signature(constructor, type));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (counts(method) && !method.isBridge() && !inherited(method)) {
                members.add(signature(method, type));
            }
        }
        return members;
    }

    private static boolean counts(Member member) {
        return visible(member.getModifiers()) && !member.isSynthetic();
    }

    /** Every record and value has them. */
    private static boolean inherited(Method method) {
        return Stream.of(Object.class.getDeclaredMethods())
                .anyMatch(old -> old.getName().equals(method.getName())
                        && Arrays.equals(old.getParameterTypes(), method.getParameterTypes()));
    }

    private static String signature(Executable executable, Class<?> type) {
        String text = executable.toGenericString();
        return executable instanceof Method
                ? text.replace(type.getTypeName() + "." + executable.getName() + "(", executable.getName() + "(")
                : text.replace(type.getTypeName() + "(", "new(");
    }
}
