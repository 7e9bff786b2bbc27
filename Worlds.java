package dev.corral.benchmarks;
public class Worlds { public static void main(String[] a) throws Exception { for (int i=0;i<Integer.parseInt(a[0]);i++) System.out.println(TrialsWorkload.worlds()); } }
